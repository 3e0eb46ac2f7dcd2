"""Field capture as the server does it: phones enrolled, envelopes received, opened, filed or set apart."""
