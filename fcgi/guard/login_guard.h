/// Decides whether a password may be tried. README.md tells the rules and what they are against.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "base/clock.h"
#include "base/guarded.h"
#include "base/secret.h"
#include "config/settings.h"
#include "guard/acquaintances.h"
#include "guard/client_address.h"
#include "guard/count_keys.h"
#include "guard/device_mint.h"
#include "guard/failure_table.h"
#include "guard/limit.h"
#include "guard/login_counts.h"
#include "guard/permit.h"
#include "guard/spray_alarm.h"

namespace gatehouse::guard {

/// Who asks to try a password.
struct Asker {
  ClientAddress client;
  std::optional<DeviceCookie> device{};
};

/// A password that somebody wants to have tried.
struct Question {
  std::string_view name_key;  ///< the collation's key of the typed name (UserDirectory::name_key)
  const Asker& asker;
  std::span<const Row> rows;  ///< which the name finds; none if there is no such name
  bool others = false;        ///< the name finds more rows, which are not to be tried
};

/// All counts of this process, and the rules over them. Thread-safe.
class LoginGuard {
 public:
  /// A permit, or how long to wait: at least a second.
  using Answer = tl::expected<Permit, std::chrono::seconds>;

  /// `key` names the counts: hosts that share them have the same. What is passed by reference must
  /// outlive it, and it must outlive its permits.
  /// `on_spray` is told when it begins, each minute while it lasts, and when it is over.
  /// `counts` are those of the guard before, after a reload; null: new ones are made.
  LoginGuard(const config::Guard& settings, const Clock& clock, const Secret& key,
             const DeviceMint& devices, Acquaintances& acquaintances,
             std::function<void(const Spray&)> on_spray = {},
             std::shared_ptr<LoginCounts> counts = nullptr);
  LoginGuard(const LoginGuard&) = delete;
  LoginGuard(LoginGuard&&) = delete;
  LoginGuard& operator=(const LoginGuard&) = delete;
  LoginGuard& operator=(LoginGuard&&) = delete;
  ~LoginGuard() = default;

  /// Charges a guess before it is made, or refuses it, which changes nothing. It may ask
  /// Acquaintances, and so take as long as the database.
  [[nodiscard]] Answer ask(const Question& question);

  [[nodiscard]] Spray spray() { return sprays_.look(); }

  /// The counts, for what keeps them in MySQL.
  [[nodiscard]] Guarded<FailureTable>& counts() noexcept { return counts_; }
  /// All that was counted, for the guard after a reload.
  [[nodiscard]] std::shared_ptr<LoginCounts> memory() const noexcept { return memory_; }

 private:
  friend class Permit;
  /// What a stranger's guess is charged to.
  struct StrangerCounts {
    std::string_view ring;
    FailureKey ring_at_name;
    FailureKey strangers;
    std::vector<FailureKey> rows;  ///< one for each row; that of the name if there is none
    FailureKey address;
    std::vector<FailureKey> networks;
  };
  /// The counts of a row's own that a guess may be charged to instead.
  struct OwnCounts {
    std::optional<FailureKey> device;
    std::optional<FailureKey> ring;
  };
  /// A row's own count that is charged, and its wait.
  struct Own {
    FailureKey key;
    BootTime::duration wait;
  };

  [[nodiscard]] StrangerCounts stranger_counts(const Question& question,
                                               const std::vector<std::string>& rings) const;
  [[nodiscard]] std::vector<OwnCounts> own_counts(const Question& question,
                                                  std::string_view ring) const;
  void spill(FailureTable& table, const StrangerCounts& counts, TimePoint now) const;
  [[nodiscard]] bool quiet(const FailureTable& table, const StrangerCounts& counts,
                           TimePoint now) const;
  [[nodiscard]] Permit permit_quietly(FailureTable& table, const StrangerCounts& counts,
                                      std::size_t rows, TimePoint now);
  [[nodiscard]] Answer decide(FailureTable& table, const Question& question,
                              const StrangerCounts& strangers, std::span<const OwnCounts> own,
                              bool tickets);
  [[nodiscard]] std::optional<Own> own_of(const FailureTable& table, const OwnCounts& counts,
                                          TimePoint now) const;
  [[nodiscard]] BootTime::duration strangers_wait(const FailureTable& table,
                                                  const StrangerCounts& counts,
                                                  TimePoint now) const;
  [[nodiscard]] BootTime::duration ticket_wait(FailureTable& table, std::string_view ring,
                                               TimePoint now) const;
  static void charge(FailureTable& table, const FailureKey& key, Permit& permit);
  void charge_stranger(FailureTable& table, const StrangerCounts& counts, Permit& permit) const;
  void settle(const Permit& permit, std::optional<std::size_t> accepted);
  void clear(FailureTable& table, const Permit& permit, const Permit::RowRight& accepted,
             TimePoint now) const;

  const Clock& clock_;
  const CountKeys keys_;
  const DeviceMint& devices_;
  Acquaintances& acquaintances_;
  const Limit ring_;
  const Limit strangers_;
  const Rate address_;
  const Rate network_;
  const std::uint32_t close_after_;
  const bool strangers_wait_in_spray_;
  const std::shared_ptr<LoginCounts> memory_;
  Guarded<FailureTable>& counts_;
  SprayAlarm sprays_;
};

}  // namespace gatehouse::guard
