import { definePlugin, type PwtPlugin } from '@pwt/core';
import { NotifySink } from './notify-sink.js';
import { readOptions } from './options.js';

export { type Notification, notificationOf } from './notification.js';
export { type Channel, NotifySink } from './notify-sink.js';

/** What `pwt.config` names: `"plugins": [["@pwt/plugin-notify", {"bell": true}]]`. */
export const plugin: PwtPlugin = definePlugin({
  name: '@pwt/plugin-notify',
  apiVersion: 2,
  provides: {
    eventSink: (context, options) => {
      const { on, channels } = readOptions(options, context);
      return new NotifySink({ on, channels });
    },
  },
});
