"""What runs inside of other graders, in their containers and processes, and answers in their forms.

gradescope     Gradescope's container: its metadata, its results.json
prairielearn   the container of an externally graded question
autolab        Tango's container
otter          otter-grader's process: the plugin that judges in its place
otter_home     otter's ``Notebook().check`` on a student's own computer
hand_in        the one hand-in that lies in a folder, judged: common to them all

`autograder.build` makes what brings them there.
"""
