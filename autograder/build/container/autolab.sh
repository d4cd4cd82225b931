#!/usr/bin/env bash
# Grades one hand-in: $1, in the current folder. The last line that is printed is Autolab's.
here=$PWD
mkdir -p "$here/handed-in"
[ -e "$1" ] && cp "$1" "$here/handed-in/"
chmod -R go-rwx "$here/judge" 2>/dev/null

# The grader needs root's rights to give the submission a user of its own. An image made by `autograder build autolab`
# lets the user `autograde` call it so.
command=("${AUTOGRADER_PYTHON:-python3}" -P -m autograder.inside.autolab)
if [ "$(id -u)" -ne 0 ] && [ -x /usr/local/bin/autolab-grade ]; then
    command=(sudo -n /usr/local/bin/autolab-grade)
fi
cd / || exit 1
said=$(timeout --kill-after=5 "${AUTOGRADER_TIMEOUT:-@TIMEOUT@}" "${command[@]}" "$here" @OPTIONS@)
status=$?
if [ $status -ne 0 ]; then
    echo "The autograder failed (exit code $status): this says nothing about your program. Please tell the staff."
    echo '{"scores": {"@ASSIGNMENT@": null}, "scoreboard": ["-"]}'
    exit 0
fi
printf '%s\n' "$said"
