# shellcheck shell=bash
# The path-validation cases of openssl's own tests, out of Debian's source package: data that is looked at, never part of this.

openssl_source=/var/cache/portal-tests/openssl

fetch_openssl_source() {
  if [[ -e $openssl_source/test/recipes/25-test_verify.t ]]; then
    return
  fi
  local work uri suite component
  work=$(mktemp -d)
  chmod 755 "$work"
  mkdir -p "$work/lists/partial" "$work/source"
  chown -R _apt "$work/source" "$work/lists/partial"
  # From wherever this machine has its packages; of the release itself, any version will do.
  apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' 'Label: Debian' | grep -v -- '-updates' | while read -r uri suite component; do
    printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: %s\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\n' "$uri" "$suite" "$component"
  done > "$work/source.sources"
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/source.sources" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$work/lists")
  if "${apt[@]}" update > /dev/null && (cd "$work/source" && "${apt[@]}" source --download-only openssl > /dev/null); then
    mkdir -p "$openssl_source"
    tar -xzf "$work"/source/openssl_*.orig.tar.gz -C "$openssl_source" --strip-components=1 --wildcards '*/test/certs' '*/test/recipes/25-test_verify.t'
    rm -rf "$work"
  else
    rm -rf "$work"
    echo "The source of openssl could not be fetched." >&2
    exit 2
  fi
}
