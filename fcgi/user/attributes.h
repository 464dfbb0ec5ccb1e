/// What the site's table says of a user for the applications behind nginx: a mail address, a name.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace gatehouse::user {

/// The header that names the user to an application. As the label of a column it is `remote_user`.
inline constexpr std::string_view kRemoteUser = "Remote-User";

/// The header that a column of user.query becomes by its label: `email` is Remote-Email, and
/// `phone_number` Remote-Phone-Number. `failed`, with the reason, for a label that is no name of
/// one, for one whose header or parameter has another meaning (Remote-Groups, REMOTE_ADDR), and for
/// one that names a password or its hash, since a query that has one column too many would hand
/// hashes to applications.
[[nodiscard]] Result<std::string> header_of_label(std::string_view label);

/// The attributes of one user: headers and their values, in the order of the query's columns. They
/// are kept as one text, since each user who is logged in has their own. A value whose header would
/// not arrive as it is has the reason in its place.
class Attributes {
 public:
  /// The most columns of a query.
  static constexpr std::size_t kMost = 16;
  /// The most bytes of one value, and of all values of a user.
  static constexpr std::size_t kMostBytes = 1024;
  static constexpr std::size_t kMostBytesOfAll = 4096;

  struct Attribute {
    std::string_view header;
    bool fits;              ///< whether a header can carry the value
    std::string_view text;  ///< the value; why it does not fit, where it does not
  };

  /// Adds what the column of that header holds; nothing for NULL. Blanks around a value are left
  /// out, as each server that a header passes may do, and an empty value is none. Remote-User must
  /// be there and must not be changed: neither NULL nor blanks around it fit.
  void add(std::string_view header, const std::optional<std::string>& value);

  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  /// Calls `use` with each Attribute. What they refer to lives as long as this object.
  template <class Use>
  void for_each(const Use& use) const {
    std::string_view rest = text_;
    while (!rest.empty()) {
      const bool fits = rest.front() == kFits;
      rest.remove_prefix(1);
      const std::string_view header = next(rest);
      use(Attribute{.header = header, .fits = fits, .text = next(rest)});
    }
  }
  /// The value of that header; nothing if there is none, or one that does not fit.
  [[nodiscard]] std::optional<std::string_view> value_of(std::string_view header) const;
  friend bool operator==(const Attributes&, const Attributes&) = default;

 private:
  static constexpr char kFits = '=';
  static constexpr char kUnfit = '!';
  /// Takes the text before the next NUL, which no header, value or reason has.
  static std::string_view next(std::string_view& rest) noexcept;
  void append(char kind, std::string_view header, std::string_view text);

  std::string text_;
  std::size_t bytes_ = 0;  ///< of the values
};

using AttributesPtr = std::shared_ptr<const Attributes>;

}  // namespace gatehouse::user
