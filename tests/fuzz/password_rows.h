/// What must hold for every row of the scheme table, whatever stands in the column.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "password/scheme.h"
#include "property.h"

namespace gatehouse::fuzz {

inline bool same(const password::StoredHash& left, const password::StoredHash& right) {
  return left.salt == right.salt && left.digest == right.digest &&
         left.kdf->parameters() == right.kdf->parameters();
}

inline void parsed_is_sound(const password::StoredHash& stored) {
  using std::chrono::nanoseconds;
  // Cheap enough to be computed for each input of a fuzzer.
  constexpr password::Limits kLimits{std::chrono::milliseconds(1), 1UL << 20U};
  require(stored.kdf != nullptr, "what is parsed can be computed");
  require(!stored.digest.empty(), "a digest has bytes");
  require(!stored.kdf->parameters().empty(), "parameters have words");
  require(stored.kdf->usual_cost().time > nanoseconds(0), "nothing is for nothing");
  if (!within(stored.kdf->cost(600), kLimits)) return;
  require(!matches(stored, Secret::copy_of("no one's password")), "a wrong password is refused");
  require(!matches(stored, Secret::copy_of(std::string(600, 'p'))), "so is a long one");
}

/// A hash cut short, or with a byte more, is never the hash itself.
inline void form_is_exact(const password::Scheme& scheme, std::string_view hash,
                          const password::StoredHash& stored, password::SchemeInput input) {
  const std::string_view cut = hash.substr(0, hash.size() - 1);
  input.row = password::Row(cut);
  const auto shorter = scheme.parse(cut, input);
  require(!shorter || !same(*shorter, stored), "a cut hash is another or none");
  const std::string more = std::string(hash) + "A";
  input.row = password::Row(more);
  const auto longer = scheme.parse(more, input);
  require(!longer || !same(*longer, stored), "a longer hash is another or none");
}

/// Runs the input through the rows of these names. `argument` stands behind the name in
/// user.scheme.
inline int fuzz_rows(std::span<const std::string_view> names, const std::uint8_t* data,
                     std::size_t size, std::string_view argument = {}) {
  const std::string_view hash(reinterpret_cast<const char*>(data), size);
  for (const password::Scheme& scheme : password::schemes()) {
    const bool ours = std::find(names.begin(), names.end(), scheme.name) != names.end();
    if (!ours) continue;
    const password::SchemeInput input{password::Row(hash), "0123456789abcdef", argument, true};
    // Total even where the row does not recognise it.
    const auto stored = scheme.parse(hash, input);
    if (!stored || !(scheme.recognises(hash) || scheme.named_only)) continue;
    parsed_is_sound(*stored);
    form_is_exact(scheme, hash, *stored, input);
  }
  return 0;
}

}  // namespace gatehouse::fuzz
