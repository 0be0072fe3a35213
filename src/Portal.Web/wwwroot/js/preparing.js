// The numbers of this page as they grow, until it leads on.
const progress = document.getElementById("progress");
setInterval(async () => {
  const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") {
    location.assign("/");
  } else if (answer?.ok) {
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("progress");
    progress.querySelector("progress").value = now.querySelector("progress").value;
    progress.querySelector("p").textContent = now.querySelector("p").textContent;
  }
}, 500);
