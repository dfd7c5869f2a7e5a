"""A stand-in for Discord on loopback: real HTTP, a real websocket, Discord's rules, and faults on request.

async with Standin() as stand:                       # server: api_url, gateway_url and TOKEN go to the bot
    channel = stand.world.add_channel("help")["id"]  # world: channels, people, permissions (forbid)
    alice = person(stand, "alice")                   # people: what somebody does, and sees then
    card = await alice.says(channel, "502 Bad Gateway")
    outcome = await alice.clicks(card, "Guide me")   # Outcome: failed, answer, form, told, whispered
    stand.faults.limit("POST /channels/{channel_id}/messages")
    await stand.gateway.drop()                       # gateway: drop, cut, reconnect, invalidate, deaf
    assert stand.record.violations == []             # record: requests, until, write, coverage
"""
