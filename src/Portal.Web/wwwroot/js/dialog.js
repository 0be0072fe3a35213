// A dialogue that keeps the keyboard until it is answered; Escape is the page's to answer.
export const open = dialog => dialog.showModal();
