"""What can happen: one function per verb. Actions flush; the view commits."""
