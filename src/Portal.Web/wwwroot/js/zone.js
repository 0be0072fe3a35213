const zoneOf = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";

export function zone() {
  const name = zoneOf();
  document.cookie = `portal-zone=${name}; path=/; max-age=31536000; samesite=lax`;
  return name;
}
