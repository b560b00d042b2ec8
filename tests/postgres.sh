#!/usr/bin/env bash
# Runs a command with CAREPLAN_TEST_POSTGRES_URL set: the server given by that name already, or one of our own in a
# temporary folder, reached through a socket only we can open, gone when the command ends.
# Usage: tests/postgres.sh COMMAND [ARGUMENT...]
set -euo pipefail

[[ -z ${CAREPLAN_TEST_POSTGRES_URL:-} ]] || exec "$@"

shopt -s nullglob
versions=(/usr/lib/postgresql/*/bin)
if ((${#versions[@]})); then
    bin=$(printf '%s\n' "${versions[@]}" | sort -V | tail -n 1)
elif command -v initdb >/dev/null; then
    bin=$(dirname "$(command -v initdb)")
elif [[ -n ${CI:-} ]]; then
    echo "No PostgreSQL server on this machine, and CI is set: that is a failure." >&2
    exit 1
else
    echo "No PostgreSQL server on this machine: the tests marked postgres are skipped." >&2
    exec "$@"
fi

# PostgreSQL refuses to run as root.
as_server=()
if [[ $(id -u) == 0 ]]; then
    as_server=(runuser -u postgres --)
fi

# A short path: a socket's name may have at most 107 bytes.
folder=$(cd / && "${as_server[@]}" mktemp -d /tmp/careplan-postgres.XXXXXX)
stop() {
    (cd / && "${as_server[@]}" "$bin/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1) || true
    rm -rf "$folder"
}
trap stop EXIT

# fsync is off because the folder is thrown away; a server that is killed loses nothing by it, only a lost machine does.
(
    cd /
    "${as_server[@]}" "$bin/initdb" -D "$folder/data" -U careplan --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
    "${as_server[@]}" "$bin/pg_ctl" start -w -D "$folder/data" -l "$folder/log" \
        -o "-c listen_addresses= -c unix_socket_directories=$folder -c fsync=off -c max_connections=200" ||
        { cat "$folder/log" >&2; exit 1; }
    "${as_server[@]}" "$bin/createdb" -h "$folder" -U careplan careplan
) >/dev/null

export CAREPLAN_TEST_POSTGRES_URL="postgresql+psycopg://careplan@/careplan?host=$folder"
"$@"
