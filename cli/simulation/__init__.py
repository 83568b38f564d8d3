"""`kith simulate`: a whole cohort on a fast clock, with members who answer, forget, snooze, ask for help and leave."""
