#!/bin/sh
# nginx: forty variables with names of 18 letters are too many for its table of variables, a hundred with names of 12 are
# not.
#
# One expects variables_hash_max_size (1024) to be the number of variables that there may be. It is the number of buckets,
# and a bucket (variables_hash_bucket_size, 64 bytes) has room for two names only where one of them has at most 14 letters.
# So two longer names must never meet in a bucket, which soon is impossible for any number of buckets up to 1024: nginx
# warns that it "could not build optimal variables_hash", at each start and each `nginx -t`. The remedy that the message
# names cannot stand in a file that is included where the administrator may have set it too: twice it is an error. Shorter
# names are a remedy that can.
#
# Seen with nginx 1.22.1-9+deb12u11 of Debian 12, with as many variables of `map`, beside its own:
#   40 names of 18 letters: warns
#   100 names of 12 letters: does not
#
# Needs Debian 12, python3, apt-get and the right to run as root. Leaves nothing behind. Exits with 1
# if the behaviour is another one by now, with 2 if it could not be tried.
set -eu
version=${NGINX_VERSION:-1.22.1-9+deb12u11}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
chmod 755 .
apt-get -qq download "nginx=$version" || exit 2
dpkg-deb -x nginx_*.deb root

# warns COUNT LETTERS: says what nginx makes of so many variables with names of so many letters.
warns() {
    python3 - "$1" "$2" >nginx.conf <<'END'
import hashlib
import sys

count, letters = int(sys.argv[1]), int(sys.argv[2])
names = [hashlib.sha256(str(i).encode()).hexdigest()[:letters - 1] for i in range(count)]
print('events {}\nhttp {')
for name in names:
    print(f'    map "" $v{name} {{ default ""; }}')
print('}')
END
    root/usr/sbin/nginx -t -e stderr -g "pid $folder/pid;" -c "$folder/nginx.conf" 2>said || { cat said >&2; exit 2; }
    if grep -q 'could not build optimal variables_hash' said; then
        echo "$1 names of $2 letters: warns"
    else
        echo "$1 names of $2 letters: does not"
    fi
}

{ warns 40 18 && warns 100 12; } | tee seen
cat >expected <<'END'
40 names of 18 letters: warns
100 names of 12 letters: does not
END
cmp -s seen expected || exit 1
