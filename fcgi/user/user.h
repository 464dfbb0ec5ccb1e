/// A user of the site, as its own table has it.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/secret.h"
#include "user/attributes.h"

namespace gatehouse::user {

/// A name as it is typed at a login: 1 to 255 bytes of UTF-8 without NUL.
class Username {
 public:
  static constexpr std::size_t kMostBytes = 255;

  /// Total; `invalid`, with the reason, for anything else.
  static Result<Username> parse(std::string_view raw);
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  explicit Username(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Whether a header (Remote-User) carries the text unchanged. Nothing is escaped, so that no name
/// can be taken for another; a blank at an end would be cut off on the way, and the visitor be
/// somebody else.
[[nodiscard]] bool fits_header(std::string_view text) noexcept;

/// The id of a user's row as text (a number, a UUID …), 1 to 64 bytes. Whatever belongs to a person
/// (sessions, roles, limits) belongs to the id, since several rows may have one name. No text is
/// taken for an id, nor an id for text, unless the code says so.
class UserId {
 public:
  /// Nobody's id, for a row whose columns are still to be read.
  explicit UserId() = default;
  /// The length is the caller's to check, who has the row.
  explicit UserId(std::string text) noexcept : text_(std::move(text)) {}
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  friend bool operator==(const UserId&, const UserId&) = default;
  auto operator<=>(const UserId& other) const noexcept { return text_ <=> other.text_; }

  /// Hashes ids for containers. It is not noexcept, so that libstdc++ keeps the hash of an id in
  /// the container's node, as it does for strings, and does not compute it again at each step.
  struct Hash {
    std::size_t operator()(const UserId& id) const { return std::hash<std::string>{}(id.text_); }
  };

 private:
  std::string text_;
};

/// A row of the site's table of users, as user.query gives it.
struct User {
  UserId id;
  std::string name;      ///< as the row has it, whatever was typed
  Secret password_hash;  ///< may be empty, or of a form that is not known
  /// The typed name that found the row; nothing where that is `name`. It is kept since the query
  /// may not find the row by `name`: that may be no more than what the person is called.
  std::optional<std::string> login_name{};
  std::string salt{};       ///< the column `AS salt` of user.query; empty if there is none
  std::string scheme{};     ///< the column `AS scheme`, which takes the place of user.scheme
  Attributes attributes{};  ///< further columns of user.query

  /// The name to look up when the row is to be found again.
  [[nodiscard]] const std::string& lookup_name() const noexcept {
    return login_name ? *login_name : name;
  }
};

}  // namespace gatehouse::user
