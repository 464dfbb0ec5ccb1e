#include "session/store/memory_session_store.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "guard/address_rings.h"

namespace gatehouse::session {
namespace {

microseconds age(BootTime::duration duration) {
  return std::chrono::duration_cast<microseconds>(duration);
}

/// What a device keeps over its logins.
std::string key_of_device(const std::string& device) {
  return "d" + device.substr(0, sizeof(guard::DeviceCookie::device));
}

/// Of a session, or of a place.
template <class Stored>
void change(Stored& stored, Fingerprint fresh, HashChange step) {
  const bool done = step == HashChange::done;
  stored.next_fingerprint = done ? Fingerprint::unknown : fresh;
  if (done) stored.fingerprint = fresh;
}

template <class Stored>
bool shows(const Stored& stored, std::span<const Fingerprint> old, Fingerprint fresh) {
  return std::find(old.begin(), old.end(), stored.fingerprint) != old.end() ||
         stored.next_fingerprint == fresh;
}

}  // namespace

void MemorySessionStore::Table::erase(const SessionId& id) {
  const auto row = rows.find(id);
  if (row == rows.end()) return;
  const auto [begin, end] = of_user.equal_range(row->second.session.user_id);
  const auto of_row =
      std::find_if(begin, end, [&](const auto& entry) { return entry.second == id; });
  if (of_row != end) of_user.erase(of_row);
  rows.erase(row);
}

Epochs MemorySessionStore::Table::epochs_of(const user::UserId& id) const {
  const auto epoch = epochs.find(id);
  return {epoch == epochs.end() ? Epoch{} : epoch->second, site_epoch};
}

void MemorySessionStore::Table::note_place(const user::UserId& id, Login login) {
  auto& all = logins[id];
  const auto before =
      std::find_if(all.begin(), all.end(), [&](const Login& one) { return one.key == login.key; });
  if (before != all.end()) {
    login.place.logins += before->place.logins;
    all.erase(before);
  }
  all.push_front(std::move(login));
  forget_too_many(all);
}

/// A client that keeps no cookies is a new device at each login: one that was seen once goes first.
/// It displaces no address.
void MemorySessionStore::Table::forget_too_many(std::deque<Login>& all) {
  const auto is_device = [](const Login& one) { return !one.place.device.empty(); };
  const auto devices = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), is_device));
  auto last = all.rend();
  if (devices > kMostDevices) {
    last = std::find_if(all.rbegin(), all.rend(),
                        [&](const Login& one) { return is_device(one) && one.place.logins == 1; });
    if (last == all.rend()) last = std::find_if(all.rbegin(), all.rend(), is_device);
  } else if (all.size() - devices > kMostAddresses) {
    last = std::find_if_not(all.rbegin(), all.rend(), is_device);
  }
  if (last != all.rend()) all.erase(std::next(last).base());
}

void MemorySessionStore::Table::note_login(const StoredSession& session, const Origin& origin,
                                           TimePoint now) {
  const auto note = [&](std::string key, StoredPlace place) {
    place.fingerprint = session.fingerprint;
    note_place(session.user_id,
               {session.id, std::move(key), std::move(place), session.epochs, now});
  };
  const guard::AddressRings rings(guard::ClientAddress::parse(origin.address));
  note("a" + rings.names().back(), {.address = origin.address});
  if (!origin.device.empty()) note(key_of_device(origin.device), {.device = origin.device});
}

void MemorySessionStore::Table::change_fingerprint(const user::UserId& id,
                                                   std::span<const Fingerprint> old,
                                                   Fingerprint fresh, HashChange step) {
  for (const SessionId& one : ids_of(id)) {
    StoredSession& session = rows.at(one).session;
    if (shows(session, old, fresh)) change(session, fresh, step);
  }
  for (Login& login : logins[id]) {
    if (shows(login.place, old, fresh)) change(login.place, fresh, step);
  }
  for (KeptLink& kept : links) {
    const bool shown = std::find(old.begin(), old.end(), kept.fingerprint) != old.end();
    if (kept.link.user_id == id.text() && shown && step == HashChange::done) {
      kept.fingerprint = fresh;
    }
  }
}

std::vector<SessionId> MemorySessionStore::Table::ids_of(const user::UserId& id) const {
  std::vector<SessionId> ids;
  const auto [begin, end] = of_user.equal_range(id);
  for (auto entry = begin; entry != end; ++entry) ids.push_back(entry->second);
  return ids;
}

bool MemorySessionStore::live(const Row& row) const {
  const Lifetimes lifetimes = lifetimes_.with([](const Lifetimes& mine) { return mine; });
  return !lifetimes.of(row.session.kind).expired(row.created, row.last_used, clock_.now());
}

StoredSession MemorySessionStore::session_of(const Row& row) const {
  StoredSession session = row.session;
  session.since_login = age(clock_.now() - row.created);
  session.since_use = age(clock_.now() - row.last_used);
  return session;
}

Result<Begun> MemorySessionStore::add(const StoredSession& session, const Origin& origin) {
  const TimePoint now = clock_.now();
  return table_.with([&](Table& table) {
    Row row{session, origin, now, now};
    row.session.epochs = table.epochs_of(session.user_id);
    if (table.rows.insert_or_assign(session.id, row).second) {
      table.of_user.emplace(session.user_id, session.id);
    }
    table.note_login(row.session, origin, now);
    return Begun{row.session.epochs, std::nullopt};
  });
}

Result<void> MemorySessionStore::revoke(std::span<const SessionId> ids) {
  table_.with([&](Table& table) {
    for (const SessionId& id : ids) table.erase(id);
  });
  return {};
}

Result<std::optional<Epoch>> MemorySessionStore::revoke_user(const user::UserId& id,
                                                             const std::optional<SessionId>& keep) {
  return table_.with([&](Table& table) -> std::optional<Epoch> {
    if (keep) {
      const auto kept = table.rows.find(*keep);
      if (kept == table.rows.end() || kept->second.session.user_id != id) return std::nullopt;
    }
    const Epoch epoch = table.epochs[id] = next(table.epochs[id]);
    table.user_revocations.emplace_back(clock_.now(), id);
    for (const SessionId& one : table.ids_of(id)) {
      if (one == keep) {
        Row& kept = table.rows.at(one);
        kept.session.epochs.user = epoch;
        kept.last_used = clock_.now();
      } else {
        table.erase(one);
      }
    }
    for (Login& login : table.logins[id]) {
      if (login.session == keep) login.epochs.user = epoch;
    }
    return epoch;
  });
}

Result<void> MemorySessionStore::revoke_all() {
  table_.with([](Table& table) {
    table.rows.clear();
    table.of_user.clear();
    table.site_epoch = next(table.site_epoch);
  });
  return {};
}

Result<std::optional<StoredSession>> MemorySessionStore::find(const SessionId& id) {
  return table_.with([&](Table& table) -> std::optional<StoredSession> {
    const auto row = table.rows.find(id);
    if (row == table.rows.end() || !live(row->second)) return std::nullopt;
    return session_of(row->second);
  });
}

Result<std::vector<SessionId>> MemorySessionStore::not_revoked(std::span<const SessionId> ids) {
  return table_.with([&](const Table& table) {
    std::vector<SessionId> left;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(left),
                 [&](const SessionId& id) { return table.rows.contains(id); });
    return left;
  });
}

Result<std::vector<ListedSession>> MemorySessionStore::list(const user::UserId& id) {
  return table_.with([&](Table& table) {
    std::vector<ListedSession> all;
    for (const SessionId& one : table.ids_of(id)) {
      const Row& row = table.rows.at(one);
      if (live(row)) all.push_back({session_of(row), row.origin});
    }
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
      return a.session.since_use < b.session.since_use;
    });
    return all;
  });
}

Result<std::vector<StoredPlace>> MemorySessionStore::places(const user::UserId& id,
                                                            std::chrono::seconds within) {
  const TimePoint now = clock_.now();
  return table_.with([&](const Table& table) {
    std::vector<StoredPlace> all;
    const auto logins = table.logins.find(id);
    if (logins == table.logins.end()) return all;
    const Epochs epochs = table.epochs_of(id);
    for (const Login& login : logins->second) {
      if (now - login.at > within) break;
      all.push_back(login.place);
      all.back().ago = age(now - login.at);
      all.back().current = login.epochs.user >= epochs.user && login.epochs.site >= epochs.site;
    }
    return all;
  });
}

Result<void> MemorySessionStore::keep_link(const guard::DeviceLink& link, Fingerprint fingerprint) {
  const TimePoint now = clock_.now();
  table_.with([&](Table& table) {
    std::erase_if(table.links, [&](const KeptLink& one) { return now - one.at > kLinkLasts; });
    table.links.push_back({link, fingerprint, table.epochs_of(user::UserId(link.user_id)), now});
  });
  return {};
}

Result<bool> MemorySessionStore::use_link(const guard::DeviceLink& link,
                                          const std::string& device) {
  const TimePoint now = clock_.now();
  return table_.with([&](Table& table) {
    const auto kept =
        std::find_if(table.links.begin(), table.links.end(), [&](const KeptLink& one) {
          return one.link.id == link.id && one.link.user_id == link.user_id;
        });
    if (kept == table.links.end()) return false;
    const KeptLink used = *kept;
    table.links.erase(kept);
    const user::UserId id(link.user_id);
    const Epochs epochs = table.epochs_of(id);
    if (now - used.at >= kLinkLasts || used.epochs.user < epochs.user ||
        used.epochs.site < epochs.site) {
      return false;
    }
    table.note_place(id, {{},
                          key_of_device(device),
                          {.device = device, .fingerprint = used.fingerprint, .logins = 2},
                          epochs,
                          now});
    return true;
  });
}

Result<void> MemorySessionStore::for_each_live(
    const std::function<void()>& begin, const std::function<bool(ListedSession&&)>& session) {
  std::vector<ListedSession> all;
  table_.with([&](const Table& table) {
    for (const auto& [id, row] : table.rows) {
      if (live(row)) all.push_back({session_of(row), row.origin});
    }
  });
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.session.since_login < b.session.since_login;
  });
  begin();
  for (ListedSession& one : all) {
    if (!session(std::move(one))) break;
  }
  return {};
}

/// Empty: there is nothing to read back, since this store begins with the process.
Result<Page> MemorySessionStore::page(std::optional<std::uint64_t> /*from*/) {
  return Page{};
}

/// Forgets what lies before the window: the windows of later polls begin no earlier, since no poll
/// of this store fails.
Result<Revocations> MemorySessionStore::revocations(microseconds window) {
  const TimePoint from = clock_.now() - window;
  return table_.with([&](Table& table) {
    auto& recent = table.user_revocations;
    while (!recent.empty() && recent.front().first < from) recent.pop_front();
    Revocations revocations;
    std::unordered_set<user::UserId, user::UserId::Hash> told;
    for (const auto& [at, id] : recent) {  // a user may be in it several times, and is told once
      if (told.insert(id).second) revocations.users.push_back({id, table.epochs.at(id), 0});
    }
    revocations.site_epoch = table.site_epoch;
    return revocations;
  });
}

Result<void> MemorySessionStore::note_uses(std::span<const StoredUse> uses) {
  const TimePoint now = clock_.now();
  table_.with([&](Table& table) {
    for (const StoredUse& use : uses) {
      const auto row = table.rows.find(use.id);
      if (row == table.rows.end()) continue;
      row->second.last_used = std::max<TimePoint>(row->second.last_used, now - use.ago);
    }
  });
  return {};
}

Result<void> MemorySessionStore::change_fingerprint(const user::UserId& id,
                                                    std::span<const Fingerprint> old,
                                                    Fingerprint fresh, HashChange step) {
  table_.with([&](Table& table) { table.change_fingerprint(id, old, fresh, step); });
  return {};
}

Result<void> MemorySessionStore::change_fingerprint(const SessionId& id, Fingerprint fresh,
                                                    HashChange step) {
  table_.with([&](Table& table) {
    const auto row = table.rows.find(id);
    if (row == table.rows.end()) return;
    change(row->second.session, fresh, step);
    for (Login& login : table.logins[row->second.session.user_id]) {
      if (login.session == id) change(login.place, fresh, step);
    }
  });
  return {};
}

Result<void> MemorySessionStore::claim(std::span<const std::string> key_marks) {
  return table_.with([&](Table& table) -> Result<void> {
    const auto& known = table.key_marks;
    const bool strange = std::find(known.begin(), known.end(), key_marks.front()) == known.end();
    if (strange && !known.empty() && !table.rows.empty()) {
      return fail(Error::Kind::refused,
                  "the first key of session.key_file is not one that the sessions of this process "
                  "were made with: to rotate, append the new key first and reload; or restart, and "
                  "give the sessions up");
    }
    table.key_marks.assign(key_marks.begin(), key_marks.end());
    return {};
  });
}

Result<void> MemorySessionStore::purge() {
  table_.with([&](Table& table) {
    std::vector<SessionId> dead;
    for (const auto& [id, row] : table.rows) {
      if (!live(row)) dead.push_back(id);
    }
    for (const SessionId& id : dead) table.erase(id);
  });
  return {};
}

}  // namespace gatehouse::session
