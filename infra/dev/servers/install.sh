# shellcheck shell=bash
# Debian's packages; nothing of them is started by the system. The two shells are there for what `portal completion` prints.

packages=(postgresql postfix dovecot-imapd dovecot-lmtpd chromium-headless-shell opensc openssl slapd ldap-utils softhsm2 zsh fish)
# Foreign S/MIME software, to agree with.
packages+=(python3-pyasn1-modules libnss3-tools gpgsm libbcmail-java openjdk-17-jre-headless ecj)

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
      echo "$package"
    fi
  done
}

install() {
  local missing
  mapfile -t missing < <(missing_packages)
  if [[ ${#missing[@]} -eq 0 ]]; then
    fetch_openssl_source
    return
  fi
  if [[ $(id -u) -ne 0 ]] || ! command -v apt-get > /dev/null; then
    echo "Missing: ${missing[*]}. They are installed by root on Debian; here, please install them yourself." >&2
    exit 2
  fi
  # Installed services are asked by this whether they may start.
  local policy=/usr/sbin/policy-rc.d
  local ours=
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' > "$policy"
    chmod 755 "$policy"
    ours=yes
  fi
  local done=
  if apt-get update -qq > /dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null; then
    done=yes
  fi
  if [[ -n $ours ]]; then
    rm -f "$policy"
  fi
  mapfile -t missing < <(missing_packages)
  if [[ -z $done || ${#missing[@]} -gt 0 ]]; then
    echo "Could not be installed: ${missing[*]}" >&2
    exit 2
  fi
  fetch_openssl_source
}
