/// Whether two settings of a section are the same, so that a reload can keep what is made of them.
#pragma once

#include "config/settings.h"

namespace gatehouse::cli {

[[nodiscard]] bool same(const config::Mysql& left, const config::Mysql& right);
[[nodiscard]] bool same(const config::User& left, const config::User& right);
[[nodiscard]] bool same(const config::Password& left, const config::Password& right);

}  // namespace gatehouse::cli
