/// A row of the user table, as far as a password check needs it.
#pragma once

#include <concepts>
#include <string_view>

namespace gatehouse::password {

/// The hash of a row and what else of the row some schemes and steps need. It refers to texts of
/// the caller. A hash alone is a row without the rest.
struct Row {
  Row() = default;
  template <std::convertible_to<std::string_view> Text>
  // NOLINTNEXTLINE(google-explicit-constructor): most schemes need the hash alone
  Row(const Text& the_hash) : hash(the_hash), hash_only(true) {}
  Row(std::string_view the_hash, std::string_view the_name, std::string_view the_salt,
      std::string_view the_scheme = {})
      : hash(the_hash), name(the_name), salt(the_salt), scheme(the_scheme) {}

  std::string_view hash{};
  std::string_view name{};    ///< as the row has it, not as it was typed
  std::string_view salt{};    ///< the column `AS salt` of user.query
  std::string_view scheme{};  ///< the column `AS scheme`; empty for what user.scheme says
  std::string_view id{};      ///< what the census query has for a key; empty elsewhere
  bool hash_only = false;     ///< the rest is not known, as in the census
};

}  // namespace gatehouse::password
