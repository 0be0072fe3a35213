# shellcheck shell=bash
# A directory in which partners' certificates stand; tests add their own entries.

directory_password=test-directory-password

start_slapd() { # DIR
  local dir=$1/slapd ldap ldaps
  ldap=$(free_port) ldaps=$(free_port)
  mkdir -p "$dir/data"
  cat > "$dir/slapd.conf" <<EOC
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile $dir/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile $1/tls/ca.pem
TLSCertificateFile $1/tls/server.pem
TLSCertificateKeyFile $1/tls/server.key
database mdb
directory $dir/data
suffix "dc=partner,dc=test"
rootdn "cn=admin,dc=partner,dc=test"
rootpw $directory_password
index mail eq
EOC
  slapadd -q -f "$dir/slapd.conf" <<EOC
dn: dc=partner,dc=test
objectClass: dcObject
objectClass: organization
o: Partner
dc: partner
EOC
  /usr/sbin/slapd -f "$dir/slapd.conf" -h "ldap://127.0.0.1:$ldap ldaps://127.0.0.1:$ldaps" > "$dir/log" 2>&1 < /dev/null
  await_port "$ldap" slapd
  cat >> "$1/env" <<EOC
export PORTAL_TEST_LDAP_PORT=$ldap
export PORTAL_TEST_LDAPS_PORT=$ldaps
export PORTAL_TEST_LDAP_PASSWORD=$directory_password
EOC
}
