"""What is read of enrolment, and by whom."""
