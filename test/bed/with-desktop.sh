#!/bin/bash
# Runs a command on a real desktop: Xvfb, a window manager, a panel with a tray and a notification daemon, on the
# session bus of the made-up user (see with-systemd-user.sh, which it starts first when it isn't inside one).
#   usage: with-desktop.sh CMD...
#   BED_SCREEN  size of the screen; default 1280x800x24
# On a failure the programs' own logs are in the artifacts, under desktop/.
set -euo pipefail
self=$(realpath "${BASH_SOURCE[0]}")
[ $# -gt 0 ] || { echo "usage: $0 CMD..." >&2; exit 64; }
[ -n "${BED_INSIDE:-}" ] || exec "$(dirname "$self")/with-systemd-user.sh" bash "$self" "$@"

logs=$BED_ARTIFACTS/desktop
settings=$HOME/.config/xfce4/xfconf/xfce-perchannel-xml
width_height=${BED_SCREEN:-1280x800x24}
height=${width_height#*x} height=${height%x*} width=${width_height%%x*}
started=()
mkdir -p "$logs" "$settings" "$HOME/.local/share"

die() { echo "with-desktop.sh: $*" >&2; tail -n 5 "$logs"/*.log >&2; exit 1; }

leave() {
  systemctl --user stop xfce4-notifyd.service 2>/dev/null || true
  [ "${#started[@]}" = 0 ] || { kill "${started[@]}" 2>/dev/null && wait "${started[@]}" 2>/dev/null; } || true
}

start() {
  local name=$1
  shift
  "$@" >"$logs/$name.log" 2>&1 &
  started+=($!)
}

wait_for_bus_name() {
  local deadline=$((SECONDS + 60))
  until [ "$(busctl --user call org.freedesktop.DBus /org/freedesktop/DBus org.freedesktop.DBus NameHasOwner s "$1" 2>/dev/null)" = "b true" ]; do
    [ "$SECONDS" -lt "$deadline" ] || die "nobody owns $1"
    sleep 0.05
  done
}

# One panel at the bottom: a list of windows, free space, the tray, a clock.
cat >"$settings/xfce4-panel.xml" <<END
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=$((width / 2));y=$((height - 16))"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="100"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/><value type="int" value="2"/><value type="int" value="3"/><value type="int" value="4"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="tasklist"/>
    <property name="plugin-2" type="string" value="separator">
      <property name="expand" type="bool" value="true"/><property name="style" type="uint" value="0"/>
    </property>
    <property name="plugin-3" type="string" value="systray"><property name="known-legacy-items" type="array"/></property>
    <property name="plugin-4" type="string" value="clock"/>
  </property>
</channel>
END
cat >"$settings/xfce4-notifyd.xml" <<END
<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-notifyd" version="1.0">
  <property name="do-fadeout" type="bool" value="false"/><property name="initial-opacity" type="double" value="1.0"/>
</channel>
END

trap leave EXIT
trap 'exit 143' INT TERM HUP
export NO_AT_BRIDGE=1 XDG_CURRENT_DESKTOP=XFCE XDG_SESSION_TYPE=x11

# -displayfd: the server picks a free number and says it when it is ready. Open for both ways, or opening would wait.
mkfifo "$logs/display"
exec 7<>"$logs/display"
start xvfb Xvfb -displayfd 7 -screen 0 "$width_height" -nolisten tcp -noreset
read -r -t 60 -u 7 number || die "Xvfb doesn't start"
exec 7>&-
rm "$logs/display"
export DISPLAY=:$number
dbus-update-activation-environment --systemd DISPLAY NO_AT_BRIDGE XDG_CURRENT_DESKTOP XDG_SESSION_TYPE

start xfwm4 xfwm4 --compositor=off
start xfce4-panel xfce4-panel --disable-wm-check
systemctl --user start xfce4-notifyd.service
wait_for_bus_name org.kde.StatusNotifierWatcher
wait_for_bus_name org.freedesktop.Notifications

code=0
"$@" || code=$?
exit "$code"
