#include "server/notify.h"

#include <systemd/sd-daemon.h>

#include <string>

namespace gatehouse::server {

void notify_ready() {
  sd_notify(0, "READY=1\nSTATUS=Serving");
}
void notify_status(std::string_view text) {
  const std::string status = "STATUS=" + std::string(text.empty() ? "Serving" : text);
  sd_notify(0, status.c_str());
}
void notify_stopping() {
  sd_notify(0, "STOPPING=1\nSTATUS=Finishing the requests under way");
}

}  // namespace gatehouse::server
