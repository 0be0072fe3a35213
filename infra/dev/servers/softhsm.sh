# shellcheck shell=bash
# A token in software, which speaks PKCS#11 as hardware does. No process of its own: each test makes a token here.

start_softhsm() { # DIR
  local dir=$1/softhsm
  mkdir -p "$dir/tokens"
  chmod 700 "$dir"
  printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$dir/tokens" > "$dir/softhsm2.conf"
  cat >> "$1/env" <<EOF
export SOFTHSM2_CONF=$dir/softhsm2.conf
export PORTAL_TEST_PKCS11_LIBRARY=/usr/lib/softhsm/libsofthsm2.so
EOF
}
