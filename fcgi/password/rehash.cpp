#include "password/rehash.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "password/draft.h"
#include "password/scheme.h"

namespace gatehouse::password {
namespace {

constexpr std::size_t kBcryptBytes = 72;

std::optional<std::string> written(const Draft& draft, const Secret& password) {
  if (!draft.whole_password && password.size() > kBcryptBytes) return std::nullopt;
  const std::string digest = draft.kdf->derive(password.view(), draft.salt, draft.digest_length);
  if (digest.empty()) return std::nullopt;
  return draft.before + draft.encode(digest);
}

/// The row by whose arithmetic `password` matches; nothing where the rows of two applications do,
/// since what is written for one of them would lock the users of the other out. Where one row alone
/// can read the hash, that it matches is known already; where two can, they are cheap ones.
std::optional<Reading> matching_row(const Secret& password, std::string_view hash,
                                    const Policy& policy) {
  auto rows = readings(hash);
  std::erase_if(rows, [&](const Reading& row) {
    return row.scheme->weak && !allows(policy, row.scheme->name);
  });
  if (rows.size() > 1) {
    std::erase_if(rows, [&](const Reading& row) { return !matches(row.stored, password); });
  }
  if (rows.size() != 1) return std::nullopt;
  return std::move(rows.front());
}

}  // namespace

Result<std::string> make_hash(const Secret& password, std::string_view scheme,
                              const Strength& strength) {
  const auto rows = schemes();
  if (std::none_of(rows.begin(), rows.end(),
                   [&](const Scheme& row) { return row.name == scheme; })) {
    return fail(Error::Kind::invalid, "no such scheme");
  }
  const auto made = draft(scheme, "", strength);
  if (!made || !made->kdf) return fail(Error::Kind::refused, "a scheme that is read, not written");
  const auto text = written(*made, password);
  if (!text) return fail(Error::Kind::refused, "the scheme cannot hold this password whole");
  return *text;
}

std::optional<std::string> upgraded_hash(const Secret& password, std::string_view hash,
                                         const Policy& policy) {
  const auto row = matching_row(password, hash, policy);
  if (!row) return std::nullopt;
  const auto made =
      upgrade(*row->scheme, row->stored.kdf->usual_cost(), hash, policy, password.size());
  return made ? written(*made, password) : std::nullopt;
}

Result<std::string> changed_hash(const Secret& password, std::string_view old,
                                 const Policy& policy) {
  auto rows = readings(old);
  std::erase_if(rows, [&](const Reading& row) {
    return row.scheme->weak && !allows(policy, row.scheme->name);
  });
  std::optional<Draft> made;
  if (!policy.write.empty()) {
    made = draft(policy.write, "", policy.strength);
  } else if (rows.size() == 1) {
    made = draft(rows.front().scheme->name, old, policy.strength);
  }
  if (!made || !made->kdf || !within(made->kdf->usual_cost(), policy.limits)) {
    return fail(Error::Kind::refused, "a scheme that is read, not written");
  }
  if (!within(made->kdf->cost(password.size()), policy.limits)) {
    return fail(Error::Kind::refused,
                "with a password of its length a login would cost more than password.max_cost");
  }
  const auto text = written(*made, password);
  if (!text) return fail(Error::Kind::refused, "the scheme cannot hold this password whole");
  return *text;
}

}  // namespace gatehouse::password
