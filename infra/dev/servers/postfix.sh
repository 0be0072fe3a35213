# shellcheck shell=bash

start_postfix() { # DIR
  local dir=$1/postfix relay submission sink
  relay=$(free_port) submission=$(free_port) sink=$(free_port)
  mkdir -p "$dir/queue" "$dir/data"
  chown postfix "$dir/data"
  cat > "$dir/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $dir/queue
data_directory = $dir/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file_prefixes = $1
maillog_file = $dir/log
myhostname = mail.outside.test
mydestination =
local_transport = error:no local mail here
# Nothing leaves this machine.
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
# Benchmarks listen there.
relay_domains = sink.test
transport_maps = inline:{ sink.test=smtp:[127.0.0.1]:$sink }
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtp_dns_support_level = disabled
virtual_mailbox_domains = outside.test, partner.test, example.test
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:$dovecot_lmtp
message_size_limit = 62914560
virtual_mailbox_limit = 0
smtpd_tls_cert_file = $1/tls/server.pem
smtpd_tls_key_file = $1/tls/server.key
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$dovecot_auth
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
EOF
  cat > "$dir/master.cf" <<EOF
127.0.0.1:$relay inet n - n - - smtpd
  -o smtpd_recipient_restrictions=permit_mynetworks,reject
127.0.0.1:$submission inet n - n - - smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_recipient_restrictions=permit_sasl_authenticated,reject
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
EOF
  postfix -c "$dir" start > "$dir/start.log" 2>&1 < /dev/null || { cat "$dir/start.log" >&2; return 1; }
  await_port "$relay" Postfix
  await_port "$submission" 'Postfix (submission)'
  cat >> "$1/env" <<EOF
export PORTAL_TEST_SMTP_PORT=$relay
export PORTAL_TEST_SUBMISSION_PORT=$submission
export PORTAL_TEST_SINK_PORT=$sink
export PORTAL_TEST_POSTFIX=$dir
EOF
}
