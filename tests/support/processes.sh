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

# running PIDFILE MARK: whether it lives and is ours. (A zombie's command line is empty.)
running() {
    [ -s "$1" ] || return 1
    case $(tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$1")/cmdline") in
        *"$2"*) return 0 ;;
    esac
    return 1
}

# stop PIDFILE MARK: SIGTERM (and SIGCONT, should a test have frozen it); SIGKILL after 20 s.
stop() {
    if running "$1" "$2"; then
        kill -s TERM "$(cat "$1")"
        kill -s CONT "$(cat "$1")"
        if ! within 20 stopped "$1" "$2"; then
            kill -s KILL "$(cat "$1")"
            within 20 stopped "$1" "$2" || return 1
        fi
    fi
    rm -f "$1"
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
