/// Names a device by what its browser says of itself.
#pragma once

#include <string>
#include <string_view>

namespace gatehouse::cli {

/// Gives "Firefox on Windows"; one of the two if the other is not known, and "Unknown browser" for
/// neither. The account page has the same lists, in nginx/pages/devices.txt.
[[nodiscard]] std::string device_name(std::string_view user_agent);

}  // namespace gatehouse::cli
