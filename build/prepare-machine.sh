#!/bin/bash
# Installs the Debian packages this repository needs on a bare machine; does nothing, quickly, when they are there.
# Never starts a daemon, never asks a question, never removes a package.
#   usage: prepare-machine.sh [--missing] desktop|tests
#     desktop    the libraries Electron needs to run
#     tests      these, and what the test bed runs: systemd --user, a session bus, a panel, a notification daemon
#     --missing  only print the names of the missing packages, install nothing
#   exit: 0 nothing is missing any more; 1 it could not be installed; 64 wrong usage
set -euo pipefail

# What `ldd` reports on the executable (GTK brings most of it along), and what Electron opens only when it runs: libx11-xcb1.
desktop_packages=(libnss3 libgtk-3-0 libasound2 libgbm1 libx11-xcb1)
test_packages=(
  systemd dbus dbus-user-session dbus-bin util-linux mount procps  # the user's session
  xvfb xfwm4 xfce4-panel xfce4-notifyd adwaita-icon-theme          # the desktop
  imagemagick xdotool wmctrl x11-utils libnotify-bin               # eyes and hands
  chromium                                                         # the panel in a browser
)

usage() { echo "usage: $0 [--missing] desktop|tests" >&2; exit 64; }
only_list=
[ "${1:-}" = --missing ] && { only_list=yes; shift; }
case "${1:-}" in
  desktop) wanted=("${desktop_packages[@]}") ;;
  tests) wanted=("${desktop_packages[@]}" "${test_packages[@]}") ;;
  *) usage ;;
esac

# Prints the wanted packages that are not installed. A library may carry the suffix t64 on newer releases.
missing_packages() {
  local installed package
  installed=" $({ dpkg-query --show --showformat='${db:Status-Status} ${Package}\n' 2>/dev/null || true; } | sed -n 's/^installed //p' | tr '\n' ' ')"
  for package in "${wanted[@]}"; do
    case "$installed" in *" $package "* | *" ${package}t64 "*) ;; *) printf '%s\n' "$package" ;; esac
  done
}

mapfile -t missing < <(missing_packages)
if [ -n "$only_list" ]; then printf '%s\n' "${missing[@]}" | sed '/^$/d'; exit 0; fi
[ "${#missing[@]}" = 0 ] && exit 0

give_up() {
  echo "These Debian packages are missing: ${missing[*]}" >&2
  echo "$1 Install them with: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
}
command -v apt-get >/dev/null || give_up "This is not a Debian system, so their names may differ here."
if [ "$(id -u)" != 0 ]; then
  { command -v sudo >/dev/null && sudo -n true 2>/dev/null; } || give_up "Neither root nor sudo without a password is at hand."
  exec sudo -n bash "$0" "$@"
fi

# policy-rc.d is what Debian's packages ask before they start a daemon. An administrator's own stays as it is.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l
apt=(apt-get --quiet --yes -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold)

echo "Installing Debian packages: ${missing[*]}" >&2
log=$(mktemp)
if ! { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  rm -f "$log"
  give_up "The installation failed, see above."
fi
rm -f "$log"
