#!/usr/bin/env bash
# Grades what was submitted to the question. Whatever happens, /grade/results/results.json is there at the end.
root=${AUTOGRADER_ROOT:-/grade}
results=$root/results
mkdir -p "$results"
chmod -R go-rwx "$root/tests" "$results" 2>/dev/null # tests and results are nobody's but root's

# Not gradable: it costs neither points nor an attempt. $1: the reason, without quotes.
unable() {
    echo "for the staff: $1" >&2
    printf '{"gradable": false, "format_errors": ["The autograder failed: this says nothing about your program. Please tell the staff of the course."]}\n' >"$results/.unable" || { rm -f "$results/.unable"; return; }
    mv -f "$results/.unable" "$results/results.json"
}

unable "the grader has begun" 2>/dev/null
cd / || exit 1
timeout --kill-after=5 "${AUTOGRADER_TIMEOUT:-@TIMEOUT@}" \
    "${AUTOGRADER_PYTHON:-python3}" -P -m autograder.inside.prairielearn "$root" @OPTIONS@
status=$?
[ $status -eq 0 ] || unable "the grader ended with exit code $status"
exit 0
