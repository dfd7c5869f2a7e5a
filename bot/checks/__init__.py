"""What does the network say? Each check gathers the facts of one layer; `course.py` decides when each of them runs."""
