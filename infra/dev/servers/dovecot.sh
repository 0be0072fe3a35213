# shellcheck shell=bash

mail_password=test-mail-password
# HMAC-SHA-256, for access tokens that tests write themselves (RFC 7519).
mail_token_key=test-mail-token-key-of-32-bytes!

start_dovecot() { # DIR
  local dir=$1/dovecot imap imaps lmtp auth
  imap=$(free_port) imaps=$(free_port) lmtp=$(free_port) auth=$(free_port)
  mkdir -p "$dir/run" "$dir/mail"
  : > "$dir/users"
  for user in alice@example.test bob@example.test carol@outside.test dave@outside.test; do
    echo "$user:{PLAIN}$mail_password::::::" >> "$dir/users"
  done
  chown -R dovecot "$dir/mail"
  mkdir -p "$dir/tokens/default/HS256"
  printf %s "$mail_token_key" | base64 -w 0 > "$dir/tokens/default/HS256/default"
  chown -R dovecot "$dir/tokens"
  cat > "$dir/oauth2.conf" <<EOF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$dir/tokens/
username_attribute = email
EOF
  cat > "$dir/dovecot.conf" <<EOF
base_dir = $dir/run
state_dir = $dir/run
log_path = $dir/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <$1/tls/server.pem
ssl_key = <$1/tls/server.key
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
mail_location = maildir:$dir/mail/%u
mail_uid = dovecot
mail_gid = dovecot
first_valid_uid = 1
auth_username_format = %Lu
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = $dir/oauth2.conf
}
passdb {
  driver = passwd-file
  args = $dir/users
}
userdb {
  driver = static
  args = uid=dovecot gid=dovecot home=$dir/mail/%u
}
service imap-login {
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = $lmtp
  }
}
service auth {
  inet_listener {
    address = 127.0.0.1
    port = $auth
  }
}
# All tests come from one address: one that tries a wrong password must not slow down the others.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap {
  process_limit = 200
}
protocol imap {
  mail_max_userip_connections = 100
}
EOF
  # Not with our own standard output: whoever reads it would wait for the server to end.
  dovecot -c "$dir/dovecot.conf" > "$dir/start.log" 2>&1 < /dev/null || { cat "$dir/start.log" >&2; return 1; }
  await_port "$imap" Dovecot
  await_port "$lmtp" 'Dovecot (LMTP)'
  cat >> "$1/env" <<EOF
export PORTAL_TEST_IMAP_PORT=$imap
export PORTAL_TEST_IMAPS_PORT=$imaps
export PORTAL_TEST_LMTP_PORT=$lmtp
export PORTAL_TEST_MAIL_PASSWORD=$mail_password
export PORTAL_TEST_MAIL_TOKEN_KEY=$mail_token_key
export PORTAL_TEST_MAIL_USERS=$dir/users
EOF
  dovecot_lmtp=$lmtp
  dovecot_auth=$auth
}
