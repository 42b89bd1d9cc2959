"""Pages of enrolment: for everybody, for parents, for officers."""
