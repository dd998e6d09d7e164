#!/bin/sh
# Links the logs in $ACCESS_LOGS_DIR into this workspace's drop folder, by the site that each belongs to.
set -eu
from="${ACCESS_LOGS_DIR:?set ACCESS_LOGS_DIR to the folder with the logs}"
to="$(cd "$(dirname "$0")" && pwd)/landing/access_logs/requests"

link() {
    mkdir -p "$to/$1"
    ln -sf "$from/$2" "$to/$1/$2"
}

link semicomplete.com apache_logs.gz
link ksc.nasa.gov NASA_access_log_Aug95_excerpt.log
link adver.tools advertools_nginx_access.log
link . advertools_combined_no_errors.log
link . advertools_combined_with_errors.log
link . advertools_dreamhost_apache_access.log
