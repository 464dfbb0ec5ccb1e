/// Reads that are asked of the next server when the nearest does not answer in time. Private to
/// mysql/.
///
/// The problem: a node of a cluster that has lost its quorum, or no longer applies what the others
/// write, answers plain reads with what is long past. A causal read waits there, for ever or until
/// a time-out of whole seconds; but what was revoked on another host is to be known within one. So
/// the question goes to the nearest server first, and to each further one kPatience later while
/// there is no answer: the first answer counts (a hedged request, as in Dean and Barroso, The Tail
/// at Scale).
///
/// Each server has a thread and a connection of its own here, made when it is first asked, because
/// nothing else ends a wait of the client library early. A thread that is still waiting is not
/// asked again, so that a dead server holds one thread and no more.
#pragma once

#include <any>
#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "base/monitor.h"
#include "base/secret.h"
#include "config/settings.h"
#include "mysql/connection.h"

namespace gatehouse::mysql {

/// Reads causally from several servers, the nearest first. Thread-safe: one read follows the other,
/// since a thread that is asked already would count as a server that does not answer. (After a
/// reload, the service before and the new one read for a while.)
class HedgedReader {
 public:
  using Use = std::function<Result<std::any>(Connection&)>;
  static constexpr std::chrono::milliseconds kPatience{300};

  /// A server that was asked first and has not answered for kSilent is stale.
  static constexpr std::chrono::milliseconds kSilent{700};

  /// `access` is that of those who use what is read; see Connection::prove_current.
  HedgedReader(std::vector<config::Mysql> servers, const Secret& password, Access access);
  HedgedReader(const HedgedReader&) = delete;
  HedgedReader(HedgedReader&&) = delete;
  HedgedReader& operator=(const HedgedReader&) = delete;
  HedgedReader& operator=(HedgedReader&&) = delete;
  /// Waits for the answers that are still to come: at most a time-out.
  ~HedgedReader();

  struct Answer {
    Result<std::any> what;
    bool first_is_stale = false;  ///< another has answered, and the first one does not
  };
  /// Runs `use` by causal reads on the server `first`, then on those after it. It may go on running
  /// on a slow server when this has returned, so it owns what it works with.
  Answer read(std::size_t first, Use use);

 private:
  class Question;
  class Reader;
  Answer read_alone(std::size_t first, Use use);

  Monitor<bool> reading_{false};  ///< whether a caller has its turn
  std::vector<std::unique_ptr<Reader>> readers_;
};

}  // namespace gatehouse::mysql
