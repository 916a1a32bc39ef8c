// Plain JavaScript, sent to browsers without a step of building: nothing says the types of their objects here.
/* oxlint-disable typescript/no-unsafe-assignment, typescript/no-unsafe-call, typescript/no-unsafe-member-access */

/** Shows what the monitor sends, and opens the official page when it is touched. Served as it is, to browsers. */

globalThis.addEventListener('push', (event) => {
  const { title, body, url, tag } = event.data.json();
  // A repetition takes the place of the first, and is silent.
  const notification = { body, tag, dir: 'auto', data: { url } };
  event.waitUntil(globalThis.registration.showNotification(title, notification));
});

globalThis.addEventListener('notificationclick', (event) => {
  const { url } = event.notification.data;
  event.notification.close();
  if (typeof url === 'string') event.waitUntil(globalThis.clients.openWindow(url));
});
