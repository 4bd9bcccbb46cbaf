"""People: accounts, grants, devices, enrolment, sign-in, and the policy of every route."""
