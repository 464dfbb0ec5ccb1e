#include "password/rehash.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "password/scheme.h"

namespace gatehouse::password {
namespace {

constexpr auto kReadOnly = "Gatehouse reads this scheme, but does not write it";

/// True if rows are rewritten in the scheme of password.write. Where user.scheme is set, the site's
/// application reads a form of its own, and no other one is put in its place.
bool crosses_to_write(const Policy& policy) noexcept {
  return !policy.write.empty() && !(policy.columns && policy.columns->names_any());
}

/// Computes the digest and writes the whole text; nothing if the scheme cannot hold the password.
std::optional<std::string> written(const NewHash& hash, const Secret& password) {
  if (password.size() > hash.most_password_bytes) return std::nullopt;
  const std::string digest = hash.kdf->derive(password.view(), hash.salt, hash.digest_length);
  if (digest.empty()) return std::nullopt;
  return text_of(hash, digest);
}

Result<std::string> written_or_refused(const NewHash& hash, const Secret& password) {
  auto text = written(hash, password);
  if (!text) return fail(Error::Kind::refused, "the scheme cannot hold this password whole");
  return *std::move(text);
}

/// The reading by whose arithmetic `password` matches. Nothing where the readings of two
/// applications match, since a hash written for one would lock the users of the other out. A single
/// reading is known to match already; where there are two, they are cheap ones.
std::optional<Reading> matching_reading(const Secret& password, const Row& row,
                                        const Policy& policy) {
  auto found = computable_readings(row, policy, password.size());
  if (!found) return std::nullopt;
  if (found->size() > 1) {
    std::erase_if(*found, [&](const Reading& each) { return !matches(each.stored, password); });
  }
  if (found->size() != 1) return std::nullopt;
  return std::move(found->front());
}

/// A new hash for a row that holds `old`. Where two applications may have written `old`, the one by
/// whose arithmetic `current` matches; nothing if that is not known.
std::optional<NewHash> replacement_of(const Row& old, const Policy& policy, const Secret* current) {
  if (crosses_to_write(policy)) return new_hash_in(policy.write, policy.strength);
  auto found = computable_readings(old, policy, 0);
  if (!found) return std::nullopt;
  if (found->size() > 1 && current != nullptr) {
    std::erase_if(*found, [&](const Reading& each) { return !matches(each.stored, *current); });
  }
  if (found->size() != 1) return std::nullopt;
  return found->front().scheme->new_hash(old.hash, policy.strength);
}

/// Names the scheme that is not written.
std::string why_not_written(const Row& old, const Policy& policy) {
  const auto found = readings(old, policy.columns.get());
  return fmt::format("{} ({}). It writes {}", kReadOnly,
                     found.empty() ? "unknown" : names_of(found), written_schemes());
}

}  // namespace

std::optional<NewHash> new_hash_in(std::string_view scheme, const Strength& strength) {
  const Scheme* const row = scheme_named(scheme);
  return row == nullptr ? std::nullopt : row->new_hash("", strength);
}

std::optional<NewHash> upgrade_of(const Reading& reading, std::string_view old,
                                  const Policy& policy, std::size_t password_bytes) {
  const auto& [scheme, stored] = reading;
  const bool crosses = crosses_to_write(policy) && policy.write != scheme->name;
  auto made =
      crosses ? new_hash_in(policy.write, policy.strength) : scheme->new_hash(old, policy.strength);
  if (!made || !within(made->kdf->cost(password_bytes), policy.limits)) return std::nullopt;
  const bool stronger = made->kdf->usual_cost().time > stored.kdf->usual_cost().time;
  return crosses || stronger ? std::move(made) : std::nullopt;
}

Result<std::string> make_hash(const Secret& password, std::string_view scheme,
                              const Strength& strength) {
  if (scheme_named(scheme) == nullptr) {
    const auto near = nearest_written_scheme(scheme);
    return fail(Error::Kind::invalid,
                near.empty() ? fmt::format("unknown scheme. Gatehouse writes {}", written_schemes())
                             : fmt::format("unknown scheme. Did you mean {}?", near));
  }
  const auto made = new_hash_in(scheme, strength);
  if (!made) {
    return fail(Error::Kind::refused,
                fmt::format("{}. It writes {}", kReadOnly, written_schemes()));
  }
  return written_or_refused(*made, password);
}

std::optional<std::string> upgraded_hash(const Secret& password, const Row& row,
                                         const Policy& policy) {
  const auto reading = matching_reading(password, row, policy);
  if (!reading) return std::nullopt;
  const auto made = upgrade_of(*reading, row.hash, policy, password.size());
  return made ? written(*made, password) : std::nullopt;
}

Result<std::string> changed_hash(const Secret& password, const Row& old, const Policy& policy,
                                 const Secret* current) {
  const auto made = replacement_of(old, policy, current);
  if (!made || !within(made->kdf->usual_cost(), policy.limits)) {
    return fail(Error::Kind::refused, why_not_written(old, policy));
  }
  if (!within(made->kdf->cost(password.size()), policy.limits)) {
    return fail(Error::Kind::refused,
                "with a password of its length a login would cost more than password.max_cost");
  }
  return written_or_refused(*made, password);
}

}  // namespace gatehouse::password
