"""Steps from each released schema to the next one; `versions/` holds one file per step.

A new step: change `bot/storage/tables.py` (and PRIVACY.md), copy the newest file in `versions/` under the next number,
write down the change with `op`, and add to `tests/storage/test_schema.py` the rows that the previous release wrote.
"""
