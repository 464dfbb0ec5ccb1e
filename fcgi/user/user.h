/// A user of the site, as its own table has it.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/secret.h"

namespace gatehouse::user {

/// A name as typed: 1 to 255 bytes of UTF-8 without NUL.
class Username {
 public:
  static Result<Username> parse(std::string_view raw);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  explicit Username(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// The row's id as text (a number, a UUID …), 1 to 64 bytes: what counts people counts ids.
using UserId = std::string;

struct User {
  UserId id;
  std::string name;  ///< as the row has it, whatever was typed
  Secret password;   ///< the stored hash; may be empty or unreadable
  /// What was typed and found the row: the table may not find it by `name`, which may be no more
  /// than what the person is called. Empty: the same as `name`.
  std::string login_name{};

  /// The name that the table is asked for when the row is to be found again.
  [[nodiscard]] const std::string& lookup_name() const noexcept {
    return login_name.empty() ? name : login_name;
  }
};

}  // namespace gatehouse::user
