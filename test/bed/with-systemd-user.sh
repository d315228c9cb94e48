#!/bin/bash
# Runs a command as a plain made-up user who has a real `systemd --user` and a journal, in private namespaces.
# Never touches the machine's own session, and leaves nothing: no process, mount, cgroup or file under /tmp.
#   usage: with-systemd-user.sh CMD...       (as root, or as a user with sudo; CMD starts in the repository)
#   BED_LIMIT      seconds CMD may take; default 900. Exit code 124 when they are over
#   BED_ARTIFACTS  a folder that receives what CMD puts into its own $BED_ARTIFACTS (screenshots, logs)
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
repository=$(realpath "$(dirname "$self")/../..")
bed=/run/bed

die() { echo "with-systemd-user.sh: $*" >&2; exit 1; }

# Name=value of the variables that CMD gets from the caller; everything else is the made-up user's own.
kept_environment() {
  local name
  for name in $(compgen -e); do
    case "$name" in
      CI | TERM | COLORTERM | NO_COLOR | FORCE_COLOR | ELECTRON_OVERRIDE_DIST_PATH | BED_* | UPKEEP_*) printf '%s=%s\0' "$name" "${!name}" ;;
    esac
  done
}

# ---- outside: as the caller, then as root -------------------------------------------------------------------------

check_caller() {
  [ $# -gt 0 ] || { echo "usage: $0 CMD..." >&2; exit 64; }
  [ -z "${BED_USER_ID:-}" ] || [ "$(id -u)" = 0 ] || die "already inside a bed"
  export BED_NODE=${BED_NODE:-$(realpath "$(command -v node)")}
  [ "$(id -u)" = 0 ] && return
  { command -v sudo >/dev/null && sudo -n true 2>/dev/null; } || die "must run as root, or as a user who has sudo without a password"
  mapfile -d '' -t kept < <(kept_environment)
  # The made-up user gets the caller's number, so that the caller's files are as readable as ever.
  exec sudo -n env "${kept[@]}" "BED_USER_ID=$(id -u)" "BED_GROUP_ID=$(id -g)" bash "$self" "$@"
}

cgroup2_mount() { findmnt --raw --noheadings --types cgroup2 --output TARGET | head -n 1; }

run_in_namespaces() {
  local program child= code=0
  for program in unshare setpriv findmnt /lib/systemd/systemd /lib/systemd/systemd-journald; do
    command -v "$program" >/dev/null || die "$program is missing. Run build/prepare-machine.sh tests first."
  done
  # Without a cgroup2 mount: one that only this script and its children see.
  [ -n "$(cgroup2_mount)" ] || exec unshare --mount bash -c 'mount -t cgroup2 none /mnt && exec bash "$@"' _ "$self" "$@"
  remove_abandoned_cgroups
  cgroup=$(cgroup2_mount)/upkeep-bed-$$
  mkdir "$cgroup"
  trap 'leave' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP

  # setpriv and --kill-child: whoever kills this script, even with -9, ends everything inside.
  BED_INSIDE=1 setpriv --pdeathsig KILL bash -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$cgroup" \
    unshare --cgroup --mount --pid --ipc --fork --mount-proc --kill-child bash "$self" "$@" <&0 &
  child=$!
  wait "$child" || code=$?
  child=
  exit "$code"
}

# A bed whose script was killed with -9 leaves its empty cgroup; the kernel keeps what is still in use.
remove_abandoned_cgroups() {
  local folder
  for folder in "$(cgroup2_mount)"/upkeep-bed-*; do
    [ ! -d "$folder" ] || [ -d "/proc/${folder##*-}" ] || find "$folder" -depth -type d -exec rmdir {} + 2>/dev/null || true
  done
}

leave() {
  local try
  [ -z "${child:-}" ] || { kill -KILL "$child" 2>/dev/null && wait "$child" 2>/dev/null; } || true
  for try in {1..100}; do
    find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null || true
    [ -d "$cgroup" ] || return 0
    sleep 0.05
  done
  echo "with-systemd-user.sh: $cgroup could not be removed" >&2
}

# ---- inside: PID 1 of the namespaces, still root ------------------------------------------------------------------

as_user() { setpriv --reuid="$user_id" --regid="$group_id" --clear-groups --inh-caps=-all "$@"; }

private_folder() { mount -t tmpfs -o "mode=$2" tmpfs "$1"; }

# The user must reach the repository and Node even if they lie under /root or /tmp: cover the folders that are closed
# or private with empty ones, and put the two back at their own paths.
keep_reachable() {
  local folder part parts path index=0 kept_folders=("$@")
  for folder in "${kept_folders[@]}"; do
    mkdir -p "$bed/keep/$((++index))"
    mount --rbind "$folder" "$bed/keep/$index"
  done
  private_folder /tmp 1777
  index=0
  for folder in "${kept_folders[@]}"; do
    index=$((index + 1)) path=
    IFS=/ read -ra parts <<<"${folder#/}"
    for part in "${parts[@]}"; do
      path+=/$part
      [ ! -d "$path" ] || as_user test -x "$path" || { private_folder "$path" 755; break; }
    done
    [ -d "$folder" ] && as_user test -x "$folder" && continue
    mkdir -p "$folder"
    mount --rbind "$bed/keep/$index" "$folder"
  done
  umount --recursive --lazy "$bed"/keep/*
  as_user test -r "$repository/package.json" || die "other users can't read $repository: chmod -R a+rX it"
  as_user test -x "$BED_NODE" || die "other users can't run $BED_NODE"
}

prepare_file_system() {
  local kept=("$repository")
  private_folder /run 755
  private_folder /dev/shm 1777
  private_folder /var/log 755
  mkdir -p /run/lock /run/dbus /run/systemd/system /run/systemd/journal # /run/systemd/system: "systemd is running"
  # The machine's own enabled user units (sound, key ring, ...) have no business here.
  [ ! -d /etc/systemd/user ] || private_folder /etc/systemd/user 755
  umount --recursive --lazy /sys/fs/cgroup 2>/dev/null || true
  mount -t cgroup2 cgroup2 /sys/fs/cgroup

  mkdir -p "$bed/home" "$bed/out" "/run/user/$user_id"
  # Now, because the folder may lie under /tmp, which is about to become private.
  [ -z "${BED_ARTIFACTS:-}" ] || { mkdir -p "$BED_ARTIFACTS" && mount --bind "$BED_ARTIFACTS" "$bed/out"; }
  case "$BED_NODE" in /usr/*) ;; *) kept+=("$(dirname "$(dirname "$BED_NODE")")") ;; esac
  [ -z "${ELECTRON_OVERRIDE_DIST_PATH:-}" ] || kept+=("$(realpath "$ELECTRON_OVERRIDE_DIST_PATH")")
  keep_reachable "${kept[@]}"

  awk -F: -v id="$user_id" '$3 != id && $1 != "bed"' /etc/passwd >"$bed/passwd"
  awk -F: -v id="$group_id" '$3 != id && $1 != "bed"' /etc/group >"$bed/group"
  echo "bed:x:$user_id:$group_id::$bed/home:/bin/bash" >>"$bed/passwd"
  echo "bed:x:$group_id:" >>"$bed/group"
  echo 0123456789abcdef0123456789abcdef >"$bed/machine-id"
  mount --bind "$bed/passwd" /etc/passwd
  mount --bind "$bed/group" /etc/group
  mount --bind "$bed/machine-id" /etc/machine-id
  mkdir -p "$bed/home/artifacts" "$bed/home/.config/systemd/user"
  chown -R "$user_id:$group_id" "$bed/home" "/run/user/$user_id"
  chmod 700 "/run/user/$user_id"
}

# journald gives each user a journal of its own only with persistent storage, after "flushed", for ids from 1000 on.
start_journal() {
  local slice=/sys/fs/cgroup/system.slice/systemd-journald.service
  mkdir -p /var/log/journal/"$(cat /etc/machine-id)" /run/systemd/journald.conf.d "$slice"
  touch /run/systemd/journal/flushed
  cat >/run/systemd/journald.conf.d/zz-bed.conf <<-END
	[Journal]
	Storage=persistent
	SplitMode=uid
	ReadKMsg=no
	ForwardToSyslog=no
	ForwardToWall=no
	RateLimitIntervalSec=0
	SystemMaxUse=64M
	SystemKeepFree=0
	END
  (echo "$BASHPID" >"$slice/cgroup.procs"; exec /lib/systemd/systemd-journald >"$bed/journald.log" 2>&1) &
  wait_until 30 "journald doesn't answer" test -S /run/systemd/journal/stdout
}

# The cgroup must look like the one of a log-in: journald reads the name of a user unit out of its path.
start_user_manager() {
  local slice=/sys/fs/cgroup/user.slice/user-$user_id.slice/user@$user_id.service
  mkdir -p "$slice"
  chown -R "$user_id:$group_id" "$slice"
  (echo "$BASHPID" >"$slice/cgroup.procs"; in_session env SYSTEMD_LOG_TARGET=journal /lib/systemd/systemd --user >"$bed/systemd.log" 2>&1) &
  manager=$!
  wait_until 60 "systemd --user doesn't start: $(cat "$bed/systemd.log" 2>/dev/null)" user_manager_is_up
}

user_manager_is_up() {
  case "$(in_session systemctl --user is-system-running 2>/dev/null)" in running | degraded) ;; *) return 1 ;; esac
}

wait_until() {
  local deadline=$((SECONDS + $1)) complaint=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || die "$complaint"
    sleep 0.02
  done
}

in_session() {
  local session
  mapfile -d '' -t session < <(kept_environment)
  session+=(
    "PATH=$(dirname "$BED_NODE"):/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" "HOME=$bed/home" USER=bed LOGNAME=bed SHELL=/bin/bash LANG=C.UTF-8
    "XDG_RUNTIME_DIR=/run/user/$user_id" "DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$user_id/bus" "BED_ARTIFACTS=$bed/home/artifacts"
  )
  as_user env --ignore-environment "${session[@]}" "$@"
}

run_inside() {
  local code=0 limit=${BED_LIMIT:-900}
  user_id=${BED_USER_ID:-4242} group_id=${BED_GROUP_ID:-4242}
  prepare_file_system
  start_journal
  start_user_manager
  cd "$repository"
  in_session timeout --foreground --kill-after=5 "$limit" "$@" || code=$?
  [ "$code" != 124 ] || echo "with-systemd-user.sh: the command took longer than $limit s" >&2
  in_session systemctl --user exit || true
  (wait_until 10 "systemd --user doesn't end by itself" manager_is_gone) || true
  keep_artifacts
  exit "$code"
}

keep_artifacts() {
  cp -R "$bed/home/artifacts/." "$bed/out"
  [ -z "${BED_USER_ID:-}" ] || chown -R "$user_id:$group_id" "$bed/out"
}

manager_is_gone() { ! kill -0 "$manager" 2>/dev/null; }

if [ -n "${BED_INSIDE:-}" ] && [ $$ = 1 ]; then
  run_inside "$@"
else
  check_caller "$@"
  run_in_namespaces "$@"
fi
