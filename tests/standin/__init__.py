"""A stand-in for Discord on loopback: real HTTP, a real websocket, Discord's rules, and faults on request."""
