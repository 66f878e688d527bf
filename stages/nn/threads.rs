/// Makes libtorch compute on the calling thread alone.
///
/// A sum that several threads share may be added up in another order, and give other bits, when
/// their number changes; on one thread the bits are the same whatever `OMP_NUM_THREADS` says.
/// Threads that libtorch has not yet met start with the same setting. [`fit`](crate::fit) and
/// [`Model::evaluate`](crate::Model::evaluate) call it themselves.
pub fn single_thread() {
    tch::set_num_threads(1);
}
