"""Steps from each released schema to the next one; `versions/` holds one file a step."""
