"""What changes of enrolment: one function per change, grouped by topic."""
