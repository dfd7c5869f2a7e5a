"""Where are the people? Each surface turns its platform's objects into events and messages into its markup."""
