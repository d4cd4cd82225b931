"""A world under control: the conductor, the modelled machine, the strategies, and the guest beside the student's code."""
