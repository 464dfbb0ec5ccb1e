# shellcheck shell=sh
# Background processes that outlive the script that starts them, known by a file with their process
# id. Each is told from a stranger that got its id later by a mark: a path of ours in its command
# line. Sourced by stack.sh.

# start PIDFILE LOGFILE COMMAND...: in a session of its own, without our descriptors.
start() {
    start_pidfile=$1 start_log=$2
    shift 2
    setsid "$@" </dev/null >>"$start_log" 2>&1 9>&- &
    echo $! >"$start_pidfile"
}

# Nothing for a process that is gone; a zombie's is empty, too.
command_line() {
    tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" || true
}

# running PIDFILE MARK: whether it lives and is ours.
running() {
    [ -s "$1" ] || return 1
    case $(command_line "$(cat "$1")") in
    *"$2"*) return 0 ;;
    esac
    return 1
}

# stop PIDFILE MARK: SIGTERM (and SIGCONT, should a test have frozen it); SIGKILL after 20 s.
stop() {
    if running "$1" "$2"; then
        kill -s TERM "$(cat "$1")"
        kill -s CONT "$(cat "$1")" 2>/dev/null || true # it may be gone already
        if ! within 20 stopped "$1" "$2"; then
            kill -s KILL "$(cat "$1")"
            within 20 stopped "$1" "$2" || return 1
        fi
    fi
    stop_orphans "$1"
    rm -f "$1"
}

# What a leader that was killed has left of its process group (nginx's workers keep the port). The
# group's number is not given to anyone else while one of them lives.
stop_orphans() {
    if [ -s "$1" ] && [ -z "$(command_line "$(cat "$1")")" ]; then
        kill -s KILL -- "-$(cat "$1")" 2>/dev/null || true
    fi
}

stopped() {
    ! running "$1" "$2"
}

# within SECONDS COMMAND...: repeats it until it succeeds; 1 if it does not in that time.
within() {
    within_end=$(($(date +%s) + $1))
    shift
    until "$@"; do
        [ "$(date +%s)" -lt "$within_end" ] || return 1
        sleep 0.05
    done
}
