# The image for Tango, Autolab's runner: that of `autograder build docker` with what Tango expects of one
# (https://docs.autolabproject.com/installation/tango/, vmms/Dockerfile in its repository).
ARG BASE=@IMAGE@
FROM ${BASE}

RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc git libc6-dev make sudo \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /home
RUN useradd autolab && useradd autograde \
    && mkdir autolab autograde output \
    && chown autolab:autolab autolab output && chown autograde:autograde autograde \
    && git clone --depth 1 https://github.com/autolab/Tango.git \
    && make -C Tango/autodriver clean all \
    && cp Tango/autodriver/autodriver /usr/bin/autodriver && chmod +s /usr/bin/autodriver \
    && rm -rf Tango

# The submission never runs as this user: the grader forks it to one of its own, which may do nothing of this.
RUN printf '#!/bin/sh\nexec python3 -P -m autograder.inside.autolab "$@"\n' > /usr/local/bin/autolab-grade \
    && chmod 755 /usr/local/bin/autolab-grade \
    && echo 'autograde ALL=(root) NOPASSWD: /usr/local/bin/autolab-grade' > /etc/sudoers.d/autograde \
    && chmod 440 /etc/sudoers.d/autograde

# Tango starts its own command.
ENTRYPOINT []
CMD ["/bin/bash"]
