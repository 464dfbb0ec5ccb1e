#include "server/notify.h"

#include <systemd/sd-daemon.h>

namespace gatehouse::server {

void notify_ready() {
  sd_notify(0, "READY=1\nSTATUS=Serving");
}
void notify_stopping() {
  sd_notify(0, "STOPPING=1\nSTATUS=Finishing the requests under way");
}

}  // namespace gatehouse::server
