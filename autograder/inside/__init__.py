"""What runs inside of the containers of PrairieLearn and Autolab. (Gradescope's is `autograder.container`, from which
these two have how a hand-in is judged.)"""
