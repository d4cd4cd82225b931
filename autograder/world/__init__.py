"""A world under control: conductor, modelled machine, strategies, and the guest beside the student's code."""
